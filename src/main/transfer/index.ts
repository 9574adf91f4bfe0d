export { importColumns, NO_COLUMNS, type SeriesColumns } from './columns.ts';
export { exportOpenMetrics, type ExportCounts } from './export-openmetrics.ts';
export { readColumns, selectorsOf, storageSource, type ExportSelection, type ExportSource } from './export-source.ts';
export { lineBlocks, unpacked, type LineBlock } from './line-blocks.ts';
export { importStream, ImportError, type ImportBatch, type ImportCounts, type ImportSummary } from './import-stream.ts';
