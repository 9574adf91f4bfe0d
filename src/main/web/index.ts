export { isLoopbackHost } from './access.ts';
export { addressUrl, parseListenAddress, type ListenAddress } from './listen-address.ts';
export { ListenError, startWebServer, type WebServer } from './server.ts';
export { loadSessionToken } from './session-token.ts';
export { StaticFiles } from './static-files.ts';
