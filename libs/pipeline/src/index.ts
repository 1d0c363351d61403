export type * from './ports';
export type * from './plan';
