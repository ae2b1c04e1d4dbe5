import type { Socket } from "socket.io-client";
import { create } from "zustand";
import type { Incoming, Outgoing } from "./wire";

/** "offline" once it has been tried in vain, or while nobody is signed in. */
export type Connection = "connecting" | "connected" | "offline";

const useStatus = create<{ status: Connection }>(() => ({ status: "offline" }));

export const useConnection = (): Connection => useStatus((s) => s.status);
export const isConnected = (): boolean => useStatus.getState().status === "connected";

/** Nobody knows whether what was sent has arrived. */
export class NotConnected extends Error {}

/** The server has read it and said no. */
export class Refused extends Error {}

/** How long an acknowledgement may take, in milliseconds. */
const patience = 10_000;

/** How long until a refused connection is tried again, in milliseconds. */
const afterRefusal = 5_000;

type Handler = (argument: never) => void;
const handlers = new Map<string, Set<Handler>>();
const onConnect = new Set<() => void>();
let socket: Socket | undefined;

/** Calls back on an event, across connections, until the returned function is called. */
export function on<E extends keyof Incoming>(event: E, handler: (argument: Incoming[E]) => void): () => void {
  const list = handlers.get(event) ?? new Set();
  handlers.set(event, list.add(handler));
  return () => void list.delete(handler);
}

/** Calls back whenever the connection is there, and at once if it is. */
export function whenConnected(handler: () => void): () => void {
  onConnect.add(handler);
  if (isConnected()) handler();
  return () => void onConnect.delete(handler);
}

/**
 * Sends an event and returns its acknowledgement. Throws Refused with the
 * server's words, and NotConnected if there was no answer: nothing is kept to be
 * sent later.
 */
export async function emit<E extends keyof Outgoing>(event: E, payload: Outgoing[E]["payload"]): Promise<Outgoing[E]["answer"]> {
  if (!socket?.connected) throw new NotConnected();
  let answer: ({ ok: true } & Outgoing[E]["answer"]) | { ok: false; error: string };
  try {
    answer = await socket.timeout(patience).emitWithAck(event, payload);
  } catch {
    throw new NotConnected();
  }
  if (!answer.ok) throw new Refused(answer.error);
  return answer;
}

/** Sends what nobody waits for; lost without a connection. */
export function tell<E extends keyof Outgoing>(event: E, payload: Outgoing[E]["payload"]): void {
  if (socket?.connected) socket.emit(event, payload);
}

/**
 * Connects in the name of the session's user, until the returned function is
 * called. `onEnd` is called when the server says that the session has ended.
 */
export function connect(userId: string, onEnd: () => void): () => void {
  let stopped = false;
  let own: Socket | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const status = (next: Connection) => useStatus.setState({ status: next });
  status("connecting");

  void import("socket.io-client").then(({ io }) => {
    if (stopped) return;
    own = socket = io({
      auth: { extras: ["typing", "read"] },
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 4_000,
      forceNew: true,
    });
    own.onAny((event: string, argument: unknown) => {
      for (const handler of handlers.get(event) ?? []) handler(argument as never);
    });
    own.on("connect", () => {
      tell("user_connected", userId);
      status("connected");
      for (const handler of onConnect) handler();
    });
    own.on("disconnect", (reason) => {
      status("connecting");
      if (reason === "io server disconnect") {
        onEnd();
        again = setTimeout(() => own?.connect(), afterRefusal);
      }
    });
    own.on("connect_error", (error) => {
      status("offline");
      if (own?.active) return; // it tries again by itself
      if (error.message === "Unauthorized") onEnd();
      again = setTimeout(() => own?.connect(), afterRefusal);
    });
  });

  return () => {
    stopped = true;
    clearTimeout(again);
    own?.disconnect();
    if (socket === own) socket = undefined;
    status("offline");
  };
}
