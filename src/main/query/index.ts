export { Gate } from './gate.ts';
export { QueryPool, type PoolOptions } from './pool.ts';
export { createQueries, type BodyTask, type Queries, type QueriesOptions, type RunOptions } from './queries.ts';
export { ownQueries, warmUp, type OwnQueries } from './warm-up.ts';
