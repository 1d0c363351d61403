export type * from './ports';
export type * from './plan';
export type * from './run';
