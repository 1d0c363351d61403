export { keyOfSeed, mix } from './mix';
export { scheduleSlots, type SlotSchedule, type Touch } from './slot-schedule';
