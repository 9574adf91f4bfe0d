import { KINDS, runKind } from './registry.ts';

/** `npm run conformance -- KIND PATH`: prints what fails, and how many cases pass and fail. */
const [kind, ...args] = process.argv.slice(2);
if (kind === undefined || !KINDS.includes(kind) || args.length === 0) {
  console.error(
    `usage: npm run conformance -- KIND PATH\n       npm run conformance -- openapi URL SPEC\nkinds: ${KINDS.join(', ')}`,
  );
  process.exit(2);
}

const outcomes = await runKind(kind, args);
for (const { name, failure } of outcomes) if (failure !== null) console.log(`${name}: ${failure}`);
const failures = outcomes.filter(({ failure }) => failure !== null).length;
console.log(`${outcomes.length - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 && outcomes.length > 0 ? 0 : 1;
