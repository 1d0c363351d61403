export { buildStateMachine, FUNCTION_OF_STATE, functionPlaceholder, TASK_STATES, type FunctionState, type JobState, type StateMachineBindings, type StateMachineDocument, type TaskState } from './state-machine';
export { createJobHandlers, createTaskHandlers, registerRelease, TaskEventSchema, type TaskEvent, type TaskHandler } from './task-handlers';
export { runPipeline, type LocalRunOptions } from './run-pipeline';
