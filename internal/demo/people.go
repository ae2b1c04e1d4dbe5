package demo

import "github.com/antiphon-music/antiphon/internal/demo/cover"

// A User is one listener.
type User struct {
	FullName string
	Email    string // at a domain that can never receive mail (RFC 2606)
	Portrait cover.Portrait
}

// Users returns the listeners; Messages refers to them by their index.
func Users() []User {
	return []User{
		{"Mira Castellanos", "mira@antiphon.example", cover.Portrait{
			Hair: cover.Bob, Skin: 0xf0c8a6, HairColour: 0x3a2430, Top: 0xd95f43, Backdrop: 0xf2b35e, Headphones: true}},
		{"Kwame Oyelaran", "kwame@antiphon.example", cover.Portrait{
			Hair: cover.Curls, Skin: 0x8d5a3c, HairColour: 0x2a1a18, Top: 0xf0c04a, Backdrop: 0x3f7f86}},
		{"Haruto Lindqvist", "haruto@antiphon.example", cover.Portrait{
			Hair: cover.Crop, Skin: 0xe3b088, HairColour: 0x1f1c22, Top: 0x2f4f6f, Backdrop: 0xd98a7a, Glasses: true}},
		{"Dariush Morel", "dariush@antiphon.example", cover.Portrait{
			Hair: cover.Shaved, Skin: 0xc98f68, HairColour: 0x4a2d20, Top: 0x6a7f4f, Backdrop: 0x8f7fb5}},
		{"Saoirse Bellweather", "saoirse@antiphon.example", cover.Portrait{
			Hair: cover.Bun, Skin: 0xf4d3b6, HairColour: 0xc8643a, Top: 0x3c6e63, Backdrop: 0xa9c8d8, Glasses: true}},
		{"Anjali Venkataraman", "anjali@antiphon.example", cover.Portrait{
			Hair: cover.Long, Skin: 0x6b4330, HairColour: 0x16110f, Top: 0xe8e0d0, Backdrop: 0xc8553f, Headphones: true}},
	}
}

// A Message is one line of a conversation between two users.
type Message struct {
	From, To   int // indexes into Users
	MinutesAgo int // before the library is loaded
	Text       string
}

// Messages returns what the users wrote to each other, conversation by
// conversation, each in the order it was written.
func Messages() []Message {
	const mira, kwame, haruto, dariush, saoirse, anjali = 0, 1, 2, 3, 4, 5
	return []Message{
		{mira, kwame, 1512, "Okay, who put Toast at Midnight on the shared speaker at eight in the morning?"},
		{kwame, mira, 1510, "Guilty. It's toast. It was morning. I saw no problem."},
		{mira, kwame, 1509, "It has MIDNIGHT in the title, Kwame."},
		{kwame, mira, 1507, "The guitar line in the second half though"},
		{mira, kwame, 1506, "...fine. The guitar line is very good."},
		{kwame, mira, 1504, "Dishes Can Wait is the real masterpiece on that record. Also a life philosophy."},
		{mira, kwame, 1502, "We have seen your sink."},
		{kwame, mira, 64, "Are you listening to Kitchen Light again right now? Your little dot is green"},
		{mira, kwame, 62, "Third time today. It makes my inbox feel survivable."},
		{kwame, mira, 61, "Skip to Cat on the Fire Escape, I want to press play at the same second"},
		{mira, kwame, 60, "On three. One, two…"},

		{haruto, saoirse, 4330, "I fell asleep to Weather for Sleeping, so I can report that it works as labelled."},
		{saoirse, haruto, 4326, "Which track did you make it to?"},
		{haruto, saoirse, 4325, "The Radiator Sings. I think. There was a flute and then it was Tuesday."},
		{saoirse, haruto, 4321, "Then you missed Snow, Then Streetlamps, which is the best one."},
		{haruto, saoirse, 2890, "I stayed awake for it. You were right, the vibraphone sounds like walking home late."},
		{saoirse, haruto, 2887, "Exactly that! With cold hands and nowhere to be."},
		{haruto, saoirse, 2885, "Do you know the single, Tide Clock? There's a sea in it."},
		{saoirse, haruto, 2880, "Putting it on now. If I stop answering, assume I'm asleep."},
		{saoirse, haruto, 2210, "(I was asleep.)"},

		{anjali, dariush, 735, "Need your ears. Party playlist: open with Mezzanine Girl or with Fluorescent Forever?"},
		{dariush, anjali, 731, "Fluorescent Forever is a closer. You can't start at the top of the escalator."},
		{anjali, dariush, 730, "Terrible pun. Correct answer."},
		{dariush, anjali, 728, "Then Vending Machine Romance when people have their second drink."},
		{anjali, dariush, 727, "And Last Bus, First Kiss when they should go home"},
		{dariush, anjali, 725, "Nobody has ever gone home during that bass line."},
		{anjali, dariush, 38, "Soundcheck in the living room went well. The neighbours knocked to ask for the name of the band."},
		{dariush, anjali, 36, "Did you tell them Velvet Abacus, or did you say it was you?"},
		{anjali, dariush, 35, "I would never. (I said it was me.)"},

		{mira, saoirse, 310, "Learning Sorry I Missed Your Birthday on the piano. My left hand has filed a complaint."},
		{saoirse, mira, 306, "It's only roots and fifths! Count the eighths out loud, it helps."},
		{mira, saoirse, 304, "I count out loud. The cat leaves."},
		{saoirse, mira, 303, "Try The Lamplighter's Waltz next, cats respect three-four time."},
		{mira, saoirse, 299, "You just made that up."},
		{saoirse, mira, 298, "Science is young."},

		{kwame, dariush, 95, "Lisbon, Third Floor just came on in shuffle and I have to ask: real place?"},
		{dariush, kwame, 92, "Real stairs, anyway. Ninety-one of them, I counted with a suitcase."},
		{kwame, dariush, 90, "The song has ninety-two beats a minute. One for the landing?"},
		{dariush, kwame, 88, "I am going to pretend that was on purpose."},

		{anjali, haruto, 21, "Sunday, Slightly Late is my whole personality. Thank you for sharing it"},
		{haruto, anjali, 18, "The clock on the cover is wrong by five minutes. I checked. It felt right."},
		{anjali, haruto, 16, "Harp in the Stairwell next? I have coffee and no plans."},
		{haruto, anjali, 14, "Pressing play."},
	}
}
