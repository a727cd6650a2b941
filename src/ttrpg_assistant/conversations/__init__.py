"""All talk: one store, three kinds (chat, thread, npc), and the turns that answer it."""
