import { startExporter } from './e2e/fixtures/exporter.ts';
const ex = await startExporter();
console.log(ex.address);
setTimeout(() => process.exit(0), 1500_000);
