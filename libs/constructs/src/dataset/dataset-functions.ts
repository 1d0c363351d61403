/** The five functions of a dataset: what each may do, and how much of a machine it gets. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { type DatasetConfig, listSourceHosts } from '@inlet/dataset';
import type { FunctionKind, PipelineFunction as PipelineFunctionKind } from '@inlet/deployment';
import { ConfigError } from '@inlet/errors';
import { Construct } from 'constructs';
import { type Access, LAYERS } from './lake-access';
import { liveAliasArn, startLiveAlias } from './live-alias';
import { type FunctionSetting, PipelineFunction, type PipelineFunctionProps } from './pipeline-function';

export interface DatasetFunctionsProps extends FunctionSetting {
  readonly config: DatasetConfig;
  /** Folder of the DuckDB layer for the functions' architecture. */
  readonly layerDir: string;
  /**
   * Of the functions that make releases and tell new ones from old.
   *
   * @default no column is masked by hash
   */
  readonly maskSalt?: Access;
}

/** The most that Lambda has. */
const MAX_MEMORY_MB = 10_240;
const MAX_STORAGE_MB = 10_240;
/** Where a function gets one whole processor; less of one makes every run longer for the same price. */
const ONE_PROCESSOR_MB = 1769;

/** DuckDB's own limit leaves out what Node and the buffers of Parquet writers take. */
export function transformMemoryMb({ engine }: Pick<DatasetConfig, 'engine'>): number {
  return Math.min(MAX_MEMORY_MB, Math.max(ONE_PROCESSOR_MB, Math.ceil(engine.memory_mb * 1.25) + 512));
}

/** Hosts from which a request may name a source. */
export function listAllowedHosts(config: Pick<DatasetConfig, 'sources' | 'source_hosts'>, mirrorHosts: readonly string[]): string[] {
  return [...new Set([...listSourceHosts(config), ...mirrorHosts])];
}

export class DatasetFunctions extends Construct {
  readonly pipeline: Readonly<Record<PipelineFunctionKind, PipelineFunction>>;
  readonly trigger: PipelineFunction;
  readonly #props: DatasetFunctionsProps;

  constructor(scope: Construct, id: string, props: DatasetFunctionsProps) {
    super(scope, id);
    this.#props = props;
    this.pipeline = {
      'fetch-and-hash': this.#createFetchAndHash(),
      transform: this.#createTransform(),
      'update-manifest': this.#createUpdateManifest(),
      catalog: this.#createCatalog(),
    };
    this.trigger = this.#createTrigger();
  }

  /** All five, each with what it is. */
  get all(): [FunctionKind, PipelineFunction][] {
    return [...(Object.entries(this.pipeline) as [FunctionKind, PipelineFunction][]), ['trigger', this.trigger]];
  }

  /** Begins a run, which sweeps up what dead ones left, and fetches into raw. */
  #createFetchAndHash(): PipelineFunction {
    const { lake } = this.#props;
    return this.#create('FetchAndHash', {
      kind: 'fetch-and-hash',
      description: 'Begins a run: fetches the sources, hashes them and says whether anything is new',
      memoryMb: ONE_PROCESSOR_MB,
      timeout: Duration.minutes(15),
      ephemeralStorageMb: MAX_STORAGE_MB,
      callsInternet: true,
      access: [
        lake.rawObjects({ read: ['raw'], write: ['raw'] }),
        lake.lakeObjects({ read: ['manifests', ...LAYERS], write: ['manifests'], delete: LAYERS }),
        lake.ledger(),
        this.#sourceHosts(),
        ...this.#maskSalt(),
      ],
    });
  }

  #createTransform(): PipelineFunction {
    const { lake, config } = this.#props;
    return this.#create('Transform', {
      kind: 'transform',
      description: 'Builds bronze and silver with DuckDB, and checks the candidate',
      memoryMb: transformMemoryMb(config),
      timeout: Duration.minutes(15),
      ephemeralStorageMb: MAX_STORAGE_MB,
      layer: this.#createLayer(),
      access: [
        lake.rawObjects({ read: ['raw'] }),
        lake.lakeObjects({ read: ['manifests', ...LAYERS], write: LAYERS, delete: ['bronze'] }),
        lake.ledger(),
        ...this.#maskSalt(),
      ],
    });
  }

  #createUpdateManifest(): PipelineFunction {
    const { lake } = this.#props;
    return this.#create('UpdateManifest', {
      kind: 'update-manifest',
      description: 'Ends a run: publishes it, records it and tells of it; measures how fresh the dataset is',
      memoryMb: 512,
      timeout: Duration.minutes(5),
      access: [
        lake.rawObjects({}),
        lake.lakeObjects({ read: ['manifests', ...LAYERS], write: ['manifests'], delete: LAYERS }),
        lake.ledger(),
        lake.notifications(),
        lake.deadLetters(),
        lake.publishedEvents(),
      ],
    });
  }

  #createCatalog(): PipelineFunction {
    return this.#create('Catalog', {
      kind: 'catalog',
      description: 'Points the Glue catalog at the published release',
      memoryMb: 512,
      timeout: Duration.minutes(5),
      access: [this.#props.lake.lakeObjects({ read: ['manifests'] }), this.#catalogTables()],
    });
  }

  #createTrigger(): PipelineFunction {
    const { dataset } = this.#props;
    return this.#create('Trigger', {
      kind: 'trigger',
      description: 'Starts a run when asked: {"force": false}',
      memoryMb: 256,
      timeout: Duration.seconds(30),
      access: [{ variables: { STATE_MACHINE_ARN: liveAliasArn(this, dataset) }, grants: [startLiveAlias(this, dataset)] }, this.#sourceHosts()],
    });
  }

  #create(id: string, props: PipelineFunctionProps): PipelineFunction {
    return new PipelineFunction(this, id, this.#props, props);
  }

  #maskSalt(): Access[] {
    return this.#props.maskSalt === undefined ? [] : [this.#props.maskSalt];
  }

  #sourceHosts(): Access {
    const { config, environment } = this.#props;
    return { variables: { SOURCE_HOSTS: listAllowedHosts(config, environment.mirror_hosts).join(',') }, grants: [] };
  }

  #catalogTables(): Access {
    const { database_name: database } = this.#props.config;
    const arn = (resource: string) => Stack.of(this).formatArn({ service: 'glue', resource });
    return {
      variables: { DATABASE: database },
      grants: [
        {
          actions: ['glue:CreateTable', 'glue:DeleteTable', 'glue:GetTables', 'glue:UpdateTable'],
          resources: [arn('catalog'), arn(`database/${database}`), arn(`table/${database}/*`)],
          wildcard: 'A release may bring new tables; all of them lie in the database of this dataset.',
        },
      ],
    };
  }

  #createLayer(): LayerVersion {
    const { layerDir, environment } = this.#props;
    if (!existsSync(path.join(layerDir, 'nodejs'))) {
      throw new ConfigError({ what: 'The DuckDB layer is not built', where: layerDir, expected: 'a folder nodejs/', found: 'none', next: `Build it first: npx nx run bundle:layer-${environment.architecture}.` });
    }
    return new LayerVersion(this, 'DuckDb', {
      description: `DuckDB for ${environment.architecture}`,
      code: Code.fromAsset(layerDir),
      compatibleArchitectures: [environment.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64],
    });
  }
}
