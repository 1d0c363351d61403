/** Loads each command's code when it is called, and no sooner. */
import type { CommandHandlers } from '../program';

export const handlers: CommandHandlers = {
  run: async (...args) => (await import('./run')).run(...args),
  status: async (...args) => (await import('./status')).status(...args),
  history: async (...args) => (await import('./history')).history(...args),
  show: async (...args) => (await import('./show')).show(...args),
  query: async (...args) => (await import('./query')).query(...args),
  check: async (...args) => (await import('./check')).check(...args),
  quality: async (...args) => (await import('./quality')).quality(...args),
  replay: async (...args) => (await import('./replay')).replay(...args),
  rollback: async (...args) => (await import('./rollback')).rollbackDataset(...args),
  redrive: async (...args) => (await import('./redrive')).redrive(...args),
  gc: async (...args) => (await import('./gc')).gc(...args),
  doctor: async (...args) => (await import('./doctor')).doctor(...args),
};
