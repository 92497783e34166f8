import { BOUNDARY } from './boundary.ts'

/** A kind of token that is a secret wherever it appears. */
interface Shape {
  readonly kind: string
  /**
   * Source of the pattern. It takes in the whole run of letters it begins with, and never fails after a run that has
   * no limit: so no text is looked at twice, and a hostile megabyte costs no more than a friendly one.
   */
  readonly source: string
  /** Tells a token from an ordinary word of the same letters. Default: all that match are tokens. */
  readonly isToken?: (match: string) => boolean
}

const WORD = '[A-Za-z0-9_-]'
const hasDigit = (match: string): boolean => /\d/.test(match)
/** No ordinary word in kebab-case has both; the random part of a token of 20 letters and more nearly always has. */
const isMixed = (match: string): boolean => /\d/.test(match) && /[A-Z]/.test(match)
const isMixedCase = (match: string): boolean => /[a-z]/.test(match.slice(3)) && /[A-Z]/.test(match)

/**
 * Sources: the token formats that GitHub, GitLab, npm, PyPI, Hugging Face, OpenAI, Stripe, SendGrid, AWS, Google, Slack,
 * Shopify, DigitalOcean, HashiCorp, Docker, Telegram, Discord, Twilio, Linear, Notion, Sentry, Atlassian, Groq,
 * Databricks, Supabase, New Relic, Mailgun, Perplexity, xAI, NVIDIA, Replicate, Figma, Postman, Doppler, PlanetScale,
 * Resend, Grafana and Vercel publish; RFC 7519 (JWT), RFC 7468 (PEM), RFC 9580 (PGP), age.
 */
const SHAPES: readonly Shape[] = [
  {
    kind: 'private key',
    source:
      '-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\\s\\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$(?![\\s\\S]))',
  },
  {
    kind: 'github token',
    source: `${BOUNDARY}(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})`,
  },
  {
    kind: 'gitlab token',
    source: `${BOUNDARY}gl(?:pat|ptt|dt|rt|cbt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_.-]{16,}`,
    isToken: hasDigit,
  },
  { kind: 'npm token', source: `${BOUNDARY}npm_[A-Za-z0-9]{36}` },
  { kind: 'pypi token', source: `${BOUNDARY}pypi-${WORD}{16,}`, isToken: isMixed },
  { kind: 'hugging face token', source: `${BOUNDARY}hf_[A-Za-z0-9]{20,}`, isToken: isMixedCase },
  {
    kind: 'api key',
    source: `${BOUNDARY}(?:sk|rk|pk)[-_]${WORD}{20,}`,
    // The digit is in the random part or in a word before it, as in `sk-proj-…`; a kebab-case name has none.
    isToken: hasDigit,
  },
  { kind: 'sendgrid key', source: `${BOUNDARY}SG\\.${WORD}{16,64}\\.${WORD}{16,}` },
  { kind: 'aws key', source: `${BOUNDARY}(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])` },
  { kind: 'google key', source: `${BOUNDARY}(?:AIza${WORD}{35}|GOCSPX-${WORD}{20,}|ya29\\.${WORD}{20,})` },
  { kind: 'slack token', source: `${BOUNDARY}(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,}`, isToken: hasDigit },
  {
    kind: 'webhook token',
    source: `${BOUNDARY}whsec_[A-Za-z0-9+/=]{16,}`,
    isToken: hasDigit,
  },
  {
    kind: 'access token',
    source: `${BOUNDARY}(?:shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}|do[opr]_v1_[a-f0-9]{64}|hv[sbr]\\.[A-Za-z0-9_-]{24,})`,
  },
  {
    kind: 'service token',
    source: `${BOUNDARY}(?:dckr_(?:pat|oat)_|lin_(?:api|oauth)_|ntn_|sntry[su]_|AT[AC]TT3x|gsk_|sbp_)[A-Za-z0-9_=+/-]{20,}`,
    isToken: hasDigit,
  },
  {
    kind: 'service key',
    source: `${BOUNDARY}(?:SK[0-9a-f]{32}|dapi[0-9a-f]{32}|NRAK-[A-Z0-9]{20,}|key-[0-9a-f]{32})(?![A-Za-z0-9])`,
  },
  {
    kind: 'service token',
    source: `${BOUNDARY}(?:(?:pplx|xai|PMAK)-[A-Za-z0-9-]{32,}|(?:nvapi-|figd_|pscale_tkn_|vercel_blob_rw_|glc_)[A-Za-z0-9_=+/.-]{30,}|r8_[A-Za-z0-9]{30,}|dp\\.(?:pt|st|ct)\\.[A-Za-z0-9_.-]{30,})`,
    isToken: hasDigit,
  },
  // `re_` begins many a name in snake_case, too.
  {
    kind: 'resend key',
    source: `${BOUNDARY}re_(?:[A-Za-z0-9]{6,12}_)?[A-Za-z0-9]{20,}`,
    isToken: (match) => isMixed(match) && isMixedCase(match),
  },
  { kind: 'age key', source: `${BOUNDARY}AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{20,}` },
  { kind: 'bot token', source: `${BOUNDARY}(?:bot)?[0-9]{8,10}:AA${WORD}{33}(?!${WORD})` },
  {
    kind: 'bot token',
    source: `${BOUNDARY}(?:[MNO]${WORD}{23,27}\\.${WORD}{6}\\.${WORD}{27,}|mfa\\.${WORD}{60,})`,
    isToken: isMixed,
  },
  {
    kind: 'jwt',
    source: `${BOUNDARY}eyJ${WORD}{5,}(?:\\.${WORD}*){0,4}`,
    isToken: (match) => match.split('.').length > 2,
  },
]

const SOURCE = SHAPES.map(({ source }, index) => `(?<s${index}>${source})`).join('|')
const SHAPE = new RegExp(SOURCE, 'g')

/** Beginnings that end in an underscore, which is rare in prose: to look for it first is the cheapest there is. */
const BEFORE_UNDERSCORE =
  'gh[pousr]|github_pat|npm|hf|[srp]k|whsec|shp[a-z]{2}|do[opr]_v1|dckr_[po]at|lin_api|lin_oauth|ntn|sntry[su]|gsk|sbp|r8|figd|pscale_tkn|glc|vercel_blob_rw'

const UNDERSCORE_HINT = new RegExp(`_(?<=(?:${BEFORE_UNDERSCORE})_)`)

const OTHER_HINT = new RegExp(
  [
    '-----BEGIN ',
    'gl[a-z]{2,5}-[A-Za-z0-9_.-]{16}',
    'pypi-',
    '[srp]k-[A-Za-z0-9_-]{20}',
    'SG\\.',
    'AKIA|ASIA|AIza|AT[AC]TT3x|AGE-SEC',
    'GOCSPX-|ya29\\.|hv[sbr]\\.|mfa\\.',
    'xox[a-z]-|xapp-',
    'eyJ',
    'NRAK-|PMAK-|nvapi-|dp\\.[psc]t\\.',
    '(?:pplx|xai)-[A-Za-z0-9-]{32}',
    're_[A-Za-z0-9_]{20}',
    '(?:SK|dapi|key-)[0-9a-f]{32}',
    ':AA[A-Za-z0-9_-]{33}',
    '\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27}',
  ].join('|'),
)

/** Whether text may hold such a token, also where it is escaped; much cheaper than hiding. */
export function maybeTokens(text: string): boolean {
  return UNDERSCORE_HINT.test(text) || OTHER_HINT.test(text)
}

/** Replaces every token by its kind: `[redacted github token]`. */
export function hideTokens(text: string): string {
  return text.replace(SHAPE, (...match) => {
    const groups = match.at(-1) as Readonly<Record<string, string | undefined>>
    // Of the named groups the one that is set says which shape matched.
    const shape = SHAPES.find((_, index) => groups[`s${index}`] !== undefined)
    const found = match[0]
    if (shape === undefined || shape.isToken?.(found) === false) return found
    return `[redacted ${shape.kind}]`
  })
}
