// Who is online, with several tabs and over a reload.
import assert from "node:assert/strict";
import { enter, newUsers, testEach } from "./support.mjs";

testEach("a user is online until his last tab has been closed for a while", async (t, options) => {
  const [ann, bob, cat, dan] = await newUsers(4);
  const watcher = await enter(t, ann, options);
  const { inbox } = watcher;
  const isBob = (id) => id === bob.name;

  const tabs = [await enter(t, bob, options), await enter(t, bob, options)];
  const c = await enter(t, cat, options);
  await inbox.take("user_connected", (id) => id === cat.name);
  assert.equal(inbox.list("user_connected", isBob).length, 1, "a second tab is no news");
  tabs[0].emit("update_activity", { activity: "Playing Night by Moon" });
  await inbox.take("activity_updated", ({ userId }) => isBob(userId));

  // One tab is closed, the other is reloaded. Who leaves for good after that
  // and is missed proves that the time to miss this one has passed.
  tabs[0].disconnect();
  tabs[1].disconnect();
  const reloaded = await enter(t, bob, options);
  c.disconnect();
  await inbox.take("user_disconnected", (id) => id === cat.name);
  assert.deepEqual(inbox.list("user_disconnected", isBob), []);
  assert.equal(inbox.list("user_connected", isBob).length, 1, "a reload is no news");
  assert.equal(new Map(reloaded.inbox.list("activities")[0]).get(bob.name), "Playing Night by Moon");

  // A connection that is lost counts like one that is closed.
  reloaded.io.reconnection(false);
  reloaded.io.engine.close();
  await inbox.take("user_disconnected", isBob);
  assert.equal(inbox.list("user_disconnected", isBob).length, 1);

  const d = await enter(t, dan, options);
  assert.ok(!d.inbox.list("users_online")[0].includes(bob.name));
  await enter(t, bob, options);
  await inbox.take("user_connected", (id) => id === dan.name);
  await inbox.take("user_connected", isBob);
  await inbox.take("user_connected", isBob);
  const late = await enter(t, cat, options);
  assert.equal(new Map(late.inbox.list("activities")[0]).get(bob.name), "Idle", "his activity is forgotten");
});
