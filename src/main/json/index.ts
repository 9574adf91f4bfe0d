export { queryBody, successBody, type AnswerForm, type Notes } from './answer.ts';
export { formatTimestamp, formatValue } from './format-number.ts';
export { JsonWriter } from './json-writer.ts';
export { writeLabels } from './query-json.ts';
