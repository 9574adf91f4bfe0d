import { EMPTY_JOB_FORM, type JobForm } from '#shared/contract/index.ts';
import type { TargetUrl } from '#renderer/target-url/index.ts';

/** The job that the short form makes: everything else as the file's defaults have it. */
export function newJobForm(jobName: string, url: TargetUrl): JobForm {
  return {
    ...EMPTY_JOB_FORM,
    jobName,
    targets: [url.address],
    scheme: url.scheme,
    metricsPath: url.path,
    params: url.params,
    auth:
      url.user === null
        ? { type: 'none' }
        : { type: 'basic', username: url.user.name, password: { kind: 'new', text: url.user.password } },
  };
}
