import { z } from 'zod';
import type { Failure, ReadingProgress } from '../errors';

/** The shapes that several kinds of records have in common. Attributes that are not known here are passed over. */

export const count = z.int().min(0);

/** Records of earlier versions may have other forms of ISO 8601 than ours. */
export const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'expected an ISO instant');

/** A date as `yyyy-mm-dd`. */
export const date = z.iso.date();

const progress = z.object({
  listed: count,
  read: count,
  units: count,
  resetsAt: z.string().exactOptional(),
} satisfies Record<keyof ReadingProgress, z.ZodType>);

export const failureFields = {
  kind: z.enum(['transient', 'permanent', 'quota', 'configuration']),
  code: z.string(),
  message: z.string(),
  tenant: z.string().exactOptional(),
  stage: z.string().exactOptional(),
  progress: progress.exactOptional(),
} satisfies Record<keyof Failure, z.ZodType>;
