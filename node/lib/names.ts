// What other systems call a reason.

import { kindOf, wrongArgument } from './options.js';
import { reasons, systems, type System } from './reasons.js';
import type { Reason } from './types.js';

/**
 * What another system calls this reason, or `null` where it has no such class.
 *
 * ```js
 * nameIn('userunknown', 'ses') // 'Permanent/NoEmail'
 * ```
 */
export function nameIn(reason: Reason, system: System): string | null {
  if (typeof reason !== 'string') throw wrongArgument(`a reason must be a string; got ${kindOf(reason)}`);
  if (!Object.hasOwn(reasons, reason)) {
    throw wrongArgument(`${JSON.stringify(reason)} is no reason; use one of ${Object.keys(reasons).join(', ')}`);
  }
  if (!systems.includes(system)) {
    throw wrongArgument(`${JSON.stringify(system)} is no known system; use one of ${systems.join(', ')}`);
  }
  return reasons[reason].names[system] ?? null;
}
