/** Invites as text: what was pasted or opened, and what is given away. */

/** Takes links of any page, with whatever else the person copied around them. */
export function inviteIn (text: string): string {
  const trimmed = text.trim()
  const link = /https?:\/\/[^\s#]+#([A-Za-z0-9_-]+)/.exec(trimmed)?.[1]
  if (link !== undefined) return `restante:${link}`
  return /restante(?::|1)[A-Za-z0-9_-]+/.exec(trimmed.replace(/\s+/g, ''))?.[0] ?? trimmed
}

/** `invite`: `restante:…`. The secret part is in the fragment, which a browser tells no server. */
export function linkOf (invite: string, page: { origin: string, pathname: string, protocol: string }): string {
  const body = invite.slice(invite.indexOf(':') + 1)
  return page.protocol === 'https:' ? `${page.origin}${page.pathname}#${body}` : invite
}
