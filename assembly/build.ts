import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The text of src/main/exposition/scan-wasm.ts, compiled from scan.ts beside this file. */
export function scanModule(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-wasm-'));
  try {
    const output = join(folder, 'scan.wasm');
    const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
    const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--memoryBase', '4096'];
    execFileSync(process.execPath, [compiler, 'assembly/scan.ts', ...options, '-o', output], { cwd: root });
    return `/** assembly/scan.ts as WebAssembly, by \`npm run wasm\`. */\nexport const SCAN_WASM =\n  '${readFileSync(output).toString('base64')}';\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) writeFileSync(join(root, 'src/main/exposition/scan-wasm.ts'), scanModule());
