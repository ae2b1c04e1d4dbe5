import { account } from "./account";
import { browse } from "./browse";
import { chat } from "./chat";
import { common } from "./common";
import { player } from "./player";

export const de = { ...common, ...player, ...browse, ...chat, ...account };
