export { buildMacros } from './macros';
export { findTableReferences, orderModels, type TableReference } from './model-order';
export { quoteName, quoteText } from './text';
