export { importColumns, NO_COLUMNS, type SeriesColumns } from './columns.ts';
export { importStream, ImportError, type ImportBatch, type ImportCounts, type ImportSummary } from './import-stream.ts';
