export { hashCanonicalJson, hashText, canonicalJson } from './canonical-json';
export { combineMemberHashes, combineSourceHashes, type NamedHash } from './combine-hashes';
export { Sha256Stream, hashFile } from './sha256-stream';
export { finishTableHash, type TableHashParts } from './table-hash';
