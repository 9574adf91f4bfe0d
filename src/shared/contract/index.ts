export * from './bridge.ts';
export * from './chart-groups.ts';
export * from './chart-words.ts';
export * from './client.ts';
export * from './config-views.ts';
export * from './errors.ts';
export * from './histogram-columns.ts';
export * from './job-form.ts';
export * from './live-views.ts';
export * from './memory-channel.ts';
export * from './method-results.ts';
export * from './methods.ts';
export * from './page-views.ts';
export * from './port-channel.ts';
export * from './preferences.ts';
export * from './quality-views.ts';
export * from './results.ts';
export * from './socket-address.ts';
export * from './socket-channel.ts';
export * from './status-views.ts';
export * from './target-views.ts';
export * from './test-scrape-views.ts';
export * from './topics.ts';
export * from './transfer.ts';
export * from './wire-client.ts';
export * from './wire-codec.ts';
export * from './wire-message.ts';
export * from './wire-server.ts';
export {
  DISCOVERY_FIELDS,
  emptyValue,
  fileFields,
  newDiscovery,
  saysNothing,
  type DiscoveryField,
} from './discovery-fields.ts';
export { createChannelQueue, type ChannelQueue } from './channel-queue.ts';
