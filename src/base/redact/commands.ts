import { REDACTED, REDACTED_START } from './boundary.ts'

// Secrets that are known by the command they are given to. Whether `-u` or `-p` is one, only the program can say:
// `docker run -u 1000:1000` and `mkdir -p build` are none.

/** `curl -u user:password`, `curl --proxy-user=user:password`. */
const CURL_USER =
  /(?<before>(?<=[\s"'`\\[,])(?:-u|-U|--user|--proxy-user)(?:[ \t]{1,8}|=)?["'`]?(?<user>[^\s:"'`]{1,128}):)(?<password>[^\s"'`\\]{1,256})/g

/** `mysql -h db -pPASSWORD`: after at most so many words of the command. Every part is bounded, so the search is linear. */
const MYSQL_PASSWORD =
  /(?<before>\b(?:mysql|mariadb)[\w-]{0,16}(?:[ \t]{1,8}[^\s]{1,128}){0,12}?[ \t]{1,8}["'`]?-p)(?<password>[^\s"'`\\]{1,128})/g

/** Whether a text may hold such a command. To look for plain words is much cheaper than a pattern. */
export function holdsCommand(text: string): boolean {
  return ['curl ', 'mysql', 'mariadb'].some((name) => text.includes(name))
}

/** Hides the passwords that commands are given; users and hosts stay. */
export function hideInCommands(text: string): string {
  if (!holdsCommand(text)) return text
  const withoutUsers = /\bcurl\b/.test(text) ? text.replace(CURL_USER, hideUnlessIds) : text
  return withoutUsers.replace(MYSQL_PASSWORD, (whole, before: string, password: string) =>
    // A port that is published, a number of folders: `docker run -p3306:3306 mysql`, `patch -p1`.
    password.startsWith(REDACTED_START) || /^\d{1,5}(?::\d{1,5})?$/.test(password)
      ? whole
      : `${before}${REDACTED}`,
  )
}

/** Numbers are ids of a user and a group, for another command of the same text. */
function hideUnlessIds(whole: string, before: string, user: string, password: string): string {
  const isHidden = password.startsWith(REDACTED_START)
  return isHidden || (/^\d+$/.test(user) && /^\d+$/.test(password)) ? whole : `${before}${REDACTED}`
}
