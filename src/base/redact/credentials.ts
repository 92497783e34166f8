import { BOUNDARY, REDACTED, REDACTED_START } from './boundary.ts'

// Secrets that are known by where they are in a text: in a header's scheme, in a URL, in a hook's path.

/** `Bearer …` and `Basic …` under any case, with or without the name of the header before it. */
const SCHEME = new RegExp(
  String.raw`(?<before>${BOUNDARY}(?<scheme>bearer|basic)(?:[ \t]{1,8}|%20|\+))(?<value>[A-Za-z0-9+/=._~-]{4,})`,
  'gi',
)

/** `scheme://user:password@host`. What follows `://` up to the path is one run, so no letter is looked at twice. */
const USERINFO = /(?<before>:\/\/)(?<userinfo>[^\s/?#"'`<>]*)@/g

/** `user:p@ss@host` without a scheme. With one `@` it could be anything: `npm:name@1.2.3`, `mailto:a@b.example`. */
const BARE_USERINFO =
  /(?<![^\s"'`=(<[])(?<user>[\w.+-]{1,64}):(?<password>[^\s:@/]{1,128}@[^\s@/:]{1,128})@(?=[\w[])/g

/** The part of a webhook's address that lets every reader post. */
const HOOK =
  /(hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/)[\w/.+=-]+/gi

/** Signatures in a query: of Azure, AWS, Google and others that sign URLs. */
const SIGNATURE = /([?&](?:sig|signature|x-amz-signature|x-goog-signature|auth|hapikey)=)[^\s&#"'`<>\\]{8,}/gi

export const CREDENTIAL_HINT =
  /(?:bearer|basic)(?:[ \t]|%20|\+)|:\/\/[^\s/?#"'`<>]*@|@[^\s@/:"]{1,128}@|hooks\.slack|\/api\/webhooks\/|[?&](?:sig|signature|x-amz-signature|x-goog-signature|auth|hapikey)=/i

/** Hides what a scheme, a URL or a hook carries; the user, the host and the scheme stay, they say which system it was. */
export function hideCredentials(text: string): string {
  return text
    .replace(SCHEME, (...match) => {
      const { before, scheme, value } = match.at(-1) as Readonly<Record<string, string>>
      const secret = /^basic$/i.test(scheme ?? '') ? isUserAndPassword(value ?? '') : isRandom(value ?? '')
      return secret ? `${before}${REDACTED}` : match[0]
    })
    .replace(USERINFO, (whole, before: string, userinfo: string) => {
      const colon = userinfo.indexOf(':')
      return colon < 0 || colon === userinfo.length - 1
        ? whole
        : `${before}${userinfo.slice(0, colon + 1)}${REDACTED}@`
    })
    .replace(BARE_USERINFO, (whole, user: string, password: string) =>
      password.startsWith(REDACTED_START) || user.toLowerCase() === 'mailto' ? whole : `${user}:${REDACTED}@`,
    )
    .replace(HOOK, `$1${REDACTED}`)
    .replace(SIGNATURE, `$1${REDACTED}`)
}

/** Of `Basic functionality` and `Basic dXNlcjpwYXNz` only the second is base64 of `user:password` (RFC 7617). */
function isUserAndPassword(value: string): boolean {
  const decoded = Buffer.from(value.slice(0, 4096), 'base64').toString()
  return /^[^\p{Cc}:\uFFFD]*:[^\p{Cc}\uFFFD]*$/u.test(decoded)
}

/** A word of a sentence has no digit, no dot inside and no capital after its first letter. */
function isRandom(value: string): boolean {
  return value.length >= 8 && /\d|[a-z][A-Z]|[._~+=][A-Za-z]|^[A-Za-z]{24,}$/.test(value)
}
