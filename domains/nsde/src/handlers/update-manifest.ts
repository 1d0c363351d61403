/** Entry point of the function that publishes releases of NSDE, and ends every run in one of its four ways. */
import { createUpdateManifestHandler } from '@inlet/lambda';

export const handler = createUpdateManifestHandler(process.env);
