import type { BatchPlatform } from '../../../shared/batch/batch-platform';
import { runInline } from '../../../shared/batch/inline-engine';
import { compactTenants } from '../../../shared/operations/compact/compact-tenants';
import { dashboardView } from '../../../shared/operations/dashboard/build-view';
import { checkMetadata } from '../../../shared/operations/doctor/metadata-check';
import { checkStorage } from '../../../shared/operations/doctor/storage-check';
