export { describeCommittedSamples, writeCommittedSamples } from './committed-samples';
export { writeCderRelease, writeNsdeRelease } from './sample-releases';
export { writeSampleZip, type SampleMember, type SampleZipOptions } from './write-sample-zip';
