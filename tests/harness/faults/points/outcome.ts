/** Everything a program can find out about what a fetch came to, as data that two fetches can be compared by. */
export async function outcomeOf(fetched: () => Promise<unknown>): Promise<unknown> {
  try {
    const response = (await fetched()) as Response
    return { response: await describeResponse(response) }
  } catch (error) {
    return { thrown: describeError(error) }
  }
}

async function describeResponse(response: Response): Promise<Record<string, unknown>> {
  const clone = response.clone()
  return {
    isResponse: response instanceof Response,
    ...headOf(response),
    clone: headOf(clone),
    json: await response.json().then((value: unknown) => ({ value }), describeError),
    text: await clone.text().catch(describeError),
  }
}

function headOf(response: Response): Record<string, unknown> {
  const { status, statusText, ok, type, url, redirected, body, bodyUsed, headers } = response
  return {
    status,
    statusText,
    ok,
    type,
    url,
    redirected,
    noBody: body === null,
    bodyUsed,
    headers: [...headers],
  }
}

/** An error by its class, its own properties in order, and its cause; what a socket counted is told by its keys alone. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const own = Object.fromEntries(
    Object.getOwnPropertyNames(error)
      .filter((key) => !['stack', 'cause', 'socket'].includes(key))
      .map((key) => [key, (error as unknown as Record<string, unknown>)[key]]),
  )
  return {
    name: error.name,
    text: String(error),
    isTypeError: error instanceof TypeError,
    own,
    keys: Object.keys(error),
    ...('socket' in error ? { socket: socketShape(error.socket) } : {}),
    ...('cause' in error ? { cause: describeError(error.cause) } : {}),
  }
}

function socketShape(socket: unknown): unknown {
  const { remoteAddress, remotePort, remoteFamily } = socket as Record<string, unknown>
  return { keys: Object.keys(socket as object), remoteAddress, remotePort, remoteFamily }
}
