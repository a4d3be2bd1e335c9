// Envelope senders that tell a genuine bounce, made before sending; and what others have put around an address, undone.

import { refusable } from './analyzer.js';
import { backend } from './backend.js';
import { kindOf, optionsOf, textsOf, wrongArgument } from './options.js';

/** What `verpAddress` puts into a pattern beside the recipient. */
export interface VerpAddressOptions {
  /** What fills the `{id}`s of the pattern, from the left. */
  ids?: readonly string[] | undefined;
  /** Makes the `{token}`, which a verifier with the same secret checks. */
  secret?: string | undefined;
}

/** The key of `batvAddress`. */
export interface BatvAddressOptions {
  /** 0 to 9: tells keys apart while one replaces another. */
  number: number;
  secret: string;
  /** The time in seconds since 1970; the system's by default. */
  now?: number | undefined;
}

/**
 * The address for MAIL FROM that names the recipient (VERP), so that a report tells whom it is about. `path` is a pattern
 * with `{local}` and `{domain}`, and perhaps `{id}` and `{token}`, or a plain return path, which is extended in Postfix's way.
 *
 * ```js
 * verpAddress('news@example.org', 'taro@example.jp') // 'news+taro=example.jp@example.org'
 * ```
 *
 * @throws TypeError where the address would not be read back as it was made.
 */
export function verpAddress(path: string, recipient: string, options?: VerpAddressOptions): string {
  const { ids = [], secret = '' } = optionsOf(options, ['ids', 'secret']) ?? {};
  textOf('path', path);
  textOf('recipient', recipient);
  textOf('secret', secret);
  textsOf('ids', ids);
  return refusable(() => backend.returnPaths.verpAddress(path, recipient, ids, secret));
}

/**
 * The address for MAIL FROM with a tag that only the secret makes, valid for seven days (BATV, draft-levine-smtp-batv-01).
 *
 * @throws TypeError for a wrong number, an empty secret, or an address that cannot carry a tag.
 */
export function batvAddress(address: string, options: BatvAddressOptions): string {
  const { number, secret, now = Date.now() / 1000 } = optionsOf(options, ['number', 'secret', 'now']) ?? {};
  textOf('address', address);
  textOf('secret', secret);
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 9) {
    throw wrongArgument('number must be a whole number from 0 to 9', 'ERR_INVALID_ARG_VALUE');
  }
  if (typeof now !== 'number' || !(now >= 0 && now < 1e12)) {
    throw wrongArgument('now must be a time in seconds since 1970', 'ERR_INVALID_ARG_VALUE');
  }
  return refusable(() => backend.returnPaths.batvAddress(address, number, secret, now));
}

/**
 * The address before BATV tagged it and forwarders rewrote it (SRS), in whatever order and depth.
 *
 * ```js
 * originalSender('SRS0=x9Lm=7B=example.org=news@forwarder.example') // 'news@example.org'
 * ```
 */
export function originalSender(address: string): string {
  textOf('address', address);
  return backend.returnPaths.originalSender(address);
}

function textOf(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw wrongArgument(`${name} must be a string; got ${kindOf(value)}`);
}
