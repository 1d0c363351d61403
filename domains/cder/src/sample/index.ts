export { describeCderChanges, describeCderQuirks, type CderChanges, type CderQuirkPlace, type PackageKey } from './cder-changes';
export { CDER_DIRECTORIES, DIRECTORY_FILES, type CderDirectory, type PackageColumn, type ProductColumn } from './cder-columns';
export type { CderQuirk } from './cder-quirks';
export { generateCderRelease, type CderMember, type CderReleaseOptions } from './cder-release';
