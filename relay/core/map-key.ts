/** Byte strings as keys of a Map. Not for people, files or logs. */
export function mapKey (bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
