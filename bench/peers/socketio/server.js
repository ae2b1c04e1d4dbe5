// A peer of the benchmarks: the realtime events on Socket.IO for Node, as a
// small application has them. Who is online and what was said is in memory:
// there is no database to wait for, and nobody has to prove who he is.
//
// node server.js PORT

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port] = process.argv.slice(2);
const http = createServer();
const io = new Server(http, { cors: { origin: "http://localhost:3000", credentials: true } });

const sockets = new Map(); // the id of a user's newest socket
const activities = new Map();
const messages = [];

function store({ senderId, receiverId, content }) {
  if (!senderId || !receiverId || !content) throw new Error("Message validation failed");
  const now = new Date();
  const message = {
    senderId, receiverId, content, _id: randomBytes(12).toString("hex"), createdAt: now, updatedAt: now, __v: 0,
  };
  messages.push(message);
  return message;
}

io.on("connection", (socket) => {
  // Whoever says so in the handshake can be written to without having announced
  // himself: thousands of announcements would take minutes.
  const { userId } = socket.handshake.auth;
  if (userId) sockets.set(userId, socket.id);

  socket.on("user_connected", (userId) => {
    sockets.set(userId, socket.id);
    activities.set(userId, "Idle");
    io.emit("user_connected", userId);
    socket.emit("users_online", [...sockets.keys()]);
    io.emit("activities", [...activities]);
  });

  socket.on("update_activity", ({ userId, activity }) => {
    activities.set(userId, activity);
    io.emit("activity_updated", { userId, activity });
  });

  socket.on("send_message", (data, ack) => {
    try {
      const message = store(data);
      const receiver = sockets.get(message.receiverId);
      if (receiver) io.to(receiver).emit("receive_message", message);
      socket.emit("message_sent", message);
      ack?.({ ok: true, message });
    } catch (error) {
      socket.emit("message_error", error.message);
      ack?.({ ok: false, error: error.message });
    }
  });

  socket.on("disconnect", () => {
    for (const [userId, id] of sockets) {
      if (id !== socket.id) continue;
      sockets.delete(userId);
      activities.delete(userId);
      io.emit("user_disconnected", userId);
      break;
    }
  });
});

http.listen(Number(port), "127.0.0.1");
