/** Entry point of the function that publishes releases of the NDC directory, and ends every run in one of its four ways. */
import { createUpdateManifestHandler } from '@inlet/lambda';

export const handler = createUpdateManifestHandler(process.env);
