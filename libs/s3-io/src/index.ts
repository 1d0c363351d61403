export { createRoutedStore, type StoreRoute } from './routed-store';
export { createS3Client, type S3ClientOptions } from './s3-client';
export { createS3Store, type S3StoreOptions } from './s3-store';
