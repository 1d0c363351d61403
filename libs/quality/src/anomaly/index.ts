export { ANOMALY_METHOD, detectAnomaly, type AnomalyVerdict } from './detect-anomaly';
