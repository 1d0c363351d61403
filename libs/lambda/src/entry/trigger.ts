/** Entry point of every dataset's trigger function. */
import { createTriggerHandler } from '../handlers/trigger-handler';

export const handler = createTriggerHandler(process.env);
