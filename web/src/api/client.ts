/** What is wrong with one field of a form. */
export interface FieldError {
  name: string;
  code: string;
  limit?: number;
  message: string;
}

/** An answer that is no success, or no answer at all (kind "offline"). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    message: string,
    readonly fields: FieldError[] = [],
    /** What else there is to say, such as what clashes. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

type Query = Record<string, string | number | boolean | undefined | null>;

/** Appends a query; undefined, null and "" are left out. */
export function withQuery(path: string, query?: Query): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

async function failure(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as {
      error: { kind: string; message: string; fields?: FieldError[]; details?: Record<string, unknown> };
    };
    return new ApiError(response.status, error.kind, error.message, error.fields ?? [], error.details);
  } catch {
    return new ApiError(response.status, "internal", response.statusText);
  }
}

export interface RequestOptions {
  query?: Query;
  /** Sent as JSON, unless it is a FormData. */
  body?: unknown;
  signal?: AbortSignal;
}

/** Sends one request of the same origin and returns its JSON; undefined for 204. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const { query, body, signal } = options;
  const form = body instanceof FormData;
  let response: Response;
  try {
    response = await fetch(withQuery(path, query), {
      method,
      credentials: "same-origin",
      headers: body !== undefined && !form ? { "Content-Type": "application/json" } : {},
      body: form ? body : body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, "offline", "The server cannot be reached");
  }
  if (!response.ok) throw await failure(response);
  return (response.status === 204 || response.status === 202 ? undefined : await response.json()) as T;
}

function surface(base: string) {
  return {
    get: <T>(path: string, query?: Query, signal?: AbortSignal) => request<T>("GET", base + path, { query, signal }),
    post: <T>(path: string, body?: unknown, query?: Query) => request<T>("POST", base + path, { body, query }),
    put: <T>(path: string, body?: unknown) => request<T>("PUT", base + path, { body }),
    patch: <T>(path: string, body?: unknown) => request<T>("PATCH", base + path, { body }),
    delete: <T>(path: string) => request<T>("DELETE", base + path),
  };
}

/** The player's and the people's API, under /web/api/. Paths begin without a slash. */
export const web = surface("/web/api/");

/** The admin panel's API, under /admin/api/. */
export const admin = surface("/admin/api/");
