/** Entry point of every dataset's catalog function. */
import { createCatalogHandler } from '../handlers/catalog-handler';

export const handler = createCatalogHandler(process.env);
