export { describeNsdeChanges, describeNsdeQuirks, type NsdeChanges, type NsdeQuirks } from './nsde-changes';
export { APPLICATION_HEADERS, generateNsdeRelease, NSDE_MEMBER_NAME, type NsdeReleaseOptions } from './nsde-release';
export { NSDE_COLUMNS, type NsdeColumn } from './nsde-row';
