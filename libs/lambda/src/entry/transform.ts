/** Entry point of every dataset's transform function. */
import { createTransformHandler } from '../handlers/transform-handler';

export const handler = createTransformHandler(process.env);
