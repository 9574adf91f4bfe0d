import { list, optional } from '../decode/decoder.ts';
import { checkedText, duration, string } from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';
import { discovery, staticTargetProblem } from './discovery.ts';
import { http } from './http-client.ts';
import { relabelRule } from './relabel.ts';
import { sigv4 } from './sigv4.ts';

const apiVersion = checkedText((text) =>
  text === 'v2' ? null : `expected Alertmanager api version to be one of [v2] but got ${text}`,
);

export const alertmanager = struct({
  type: 'config.AlertmanagerConfig',
  inline: { http, discovery },
  fields: {
    sigv4: field(optional(sigv4)),
    scheme: field(string, 'http'),
    path_prefix: field(string),
    timeout: field(duration, 10_000),
    api_version: field(apiVersion, 'v2'),
    relabel_configs: field(list(relabelRule, 'empty or null Alertmanager target relabeling rule')),
    alert_relabel_configs: field(list(relabelRule, 'empty or null Alertmanager alert relabeling rule')),
  },
  check(alertmanager, refuse) {
    const { basicAuth, authorization, oauth2 } = alertmanager.http;
    const auth = basicAuth !== null || authorization !== null || oauth2 !== null;
    if (auth && alertmanager.sigv4 !== null)
      refuse('at most one of basic_auth, authorization, oauth2, & sigv4 must be configured');
    const problem = alertmanager.relabelConfigs.length === 0 ? staticTargetProblem(alertmanager.discovery) : null;
    if (problem !== null) refuse(problem, 'static_configs');
  },
});

export const alerting = struct({
  type: 'config.plain',
  fields: {
    alert_relabel_configs: field(list(relabelRule, 'empty or null alert relabeling rule')),
    alertmanagers: field(list(alertmanager, 'empty or null Alertmanager section')),
  },
});
