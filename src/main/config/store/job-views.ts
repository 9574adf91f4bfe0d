import type { JobView } from '#shared/contract/index.ts';
import type { Node } from 'yaml';
import { parseYamlSource, resolveNode } from '../decode/yaml-source.ts';
import { formOfJob } from '../edit/job-form.ts';
import { jobsNode } from '../edit/job-list.ts';
import { sharedBy, toPlain, type Plain } from '../edit/plain-value.ts';
import { DEFAULT_JOB, type HearthJob } from './hearth-job.ts';

const SHARED = {
  anchor: 'other places of the file refer to it (&)',
  alias: 'it refers to other places of the file (*)',
  merge: 'it takes over keys of another job (<<)',
  tag: 'it has values with a type tag (!)',
} as const;

/** The jobs of a text as the settings window lists them; none where it does not parse. */
export function jobViews(text: string, own: ReadonlyMap<string, HearthJob>): readonly JobView[] {
  const source = parseYamlSource(text);
  const jobs = jobsNode(source);
  if (jobs === null || source.problems.length > 0) return [];
  return jobs.items.flatMap((item): JobView[] => {
    const node = item as Node;
    const plain = toPlain(node, source.document);
    if (!(plain instanceof Map)) return [];
    const form = formOfJob(plain as ReadonlyMap<string, Plain>);
    const shared = sharedBy(node);
    const flow = jobs.flow === true ? 'all jobs are written on one line' : null;
    return [
      {
        form: { ...form, ...(own.get(form.jobName) ?? DEFAULT_JOB) },
        onlyYaml: flow ?? (shared === null ? null : SHARED[shared]),
        line: source.position(node.range?.[0] ?? 0).line,
      },
    ];
  });
}

/** The content and place in the list of the job of that name. */
export function findJob(
  text: string,
  jobName: string,
): { readonly index: number; readonly job: ReadonlyMap<string, Plain> } | null {
  const source = parseYamlSource(text);
  const items = jobsNode(source)?.items ?? [];
  for (const [index, item] of items.entries()) {
    const job = toPlain(resolveNode(item, source.document), source.document);
    if (job instanceof Map && (job as ReadonlyMap<string, Plain>).get('job_name') === jobName)
      return { index, job: job as ReadonlyMap<string, Plain> };
  }
  return null;
}
