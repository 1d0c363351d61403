export { buildStateMachine, resourcePlaceholder, TASK_STATES, type StateMachineDocument, type TaskState } from './state-machine';
export { createTaskHandlers, type TaskHandler } from './task-handlers';
export { runPipeline, type LocalRunOptions } from './run-pipeline';
