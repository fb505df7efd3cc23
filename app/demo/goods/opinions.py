"""What shoppers say, in pieces that fit together. J-shaped: mostly five stars, some ones, little between."""

from __future__ import annotations

AUTHORS = (
    "Aisha B.", "Tom W.", "Margaret", "Jonas K.", "Priya", "Ellen M.", "D. Okafor", "Sian", "Callum R.", "Beth", "Noor", "Peter H.", "Ingrid",
    "Rhys T.", "Lottie", "Mr J. Hale", "Fatima", "Owen", "Kirsty McL.", "Sam", "Yusuf A.", "Hannah & Joe", "Gwen", "R. Patel", "Alice N.",
    "Marek", "Bridget", "Theo", "Joan", "Lewis D.", "Ama", "Clare", "Dev", "Rosalind", "Piotr", "Mhairi", "Ben F.", "Zoe", "Anon", "Kwame",
)  # fmt: skip

SHARES = ((5, 62), (4, 20), (3, 7), (2, 4), (1, 7))  # rating -> how many of a hundred

SAID: dict[int, tuple[tuple[str, str], ...]] = {
    5: (
        (
            "Better than the pictures",
            "The colour has more going on than a screen can show. Wrapped beautifully, not a scrap of plastic.",
        ),
        ("Bought one, went back for three", "That is all you need to know. Delivery took two days."),
        (
            "Quietly perfect",
            "I have stopped noticing it, which for something I use every day is the highest praise I have.",
        ),
        ("A present that landed", "My sister rang to say thank you, and she never rings."),
        ("Worth waiting for", "Came a day later than said, but I would have waited a month."),
        ("Made by people", "You can tell. There is a small mark underneath where someone held it."),
        ("Heavier than I thought, in a good way", "Feels like it means to stay. Exactly as described."),
        ("Survived the children", "Two years, three children, one dog. Looks the same."),
        ("Third order", "Never had a bad one. The card inside with the maker’s name is a lovely touch."),
        ("So well packed", "Straw paper and a cardboard collar. I have kept the box."),
        ("Just right", "Right size, right weight, right colour. I measured twice and needn’t have."),
        ("Lovely", "Lovely."),
    ),
    4: (
        (
            "Very nice, a little smaller than I pictured",
            "My fault for not reading the measurements. It has found a place anyway.",
        ),
        (
            "Good, with one small thing",
            "There is a pinhole in the finish on the back. Nobody else would see it; I know it’s there.",
        ),
        ("Would buy again", "Four stars only because the courier left it behind the bins."),
        ("Handsome", "Slightly darker in our north-facing room than on the page. We like it."),
        ("Nearly perfect", "I would have liked it in one more size. Otherwise no complaints at all."),
        ("Solid", "Does the job and looks well doing it. Not cheap, but you can see where the money went."),
    ),
    3: (
        ("Fine", "It’s fine. I expected to love it and I like it."),
        (
            "Colour darker than shown",
            "On my screen it was a soft green and what came is nearly grey. Kept it, as sending it back was a bother.",
        ),
        ("Mixed", "Beautifully made but it marks easily. Coasters needed."),
        ("Slow", "Nice thing, but it took nine days and two e-mails."),
    ),
    2: (
        (
            "Not for me",
            "Rougher underneath than I’d like and it has scratched the table. They offered a refund straight away, to be fair.",
        ),
        ("Expected more", "For this money I wanted it to sit level. It rocks slightly."),
        ("Wrong one came", "Ordered one colour, was sent another. Sorted in a week, but it was meant for a birthday."),
    ),
    1: (
        (
            "Chipped on arrival",
            "Opened the box and there was a chip out of the edge. The replacement came quickly and was chipped too. Third one is on its way.",
        ),
        ("Arrived broken", "In four pieces. Well wrapped pieces, I’ll give them that."),
        ("Still waiting", "Two weeks, no parcel, and the tracking page says it is in Leith. I am not in Leith."),
        ("Not the colour in the photo", "It just isn’t. I’ve held them side by side."),
        ("Disappointed", "A thread had come loose before we had used it once. Returned."),
    ),
}

ANSWERS = {  # title -> what the shop says to it
    "Chipped on arrival": "We are sorry, twice over. The third one went out in a double-walled box, and we now pack all of them so.",
    "Still waiting": "It had been scanned at the wrong depot. It is with you now, and the postage has gone back to your card.",
    "Colour darker than shown": "Thank you for telling us: the photograph was taken at noon. We have added one from a north-facing room.",
    "Wrong one came": "That was our mistake at the packing bench. We hope the birthday was a good one all the same.",
    "Expected more": "It should sit level. Please send it back at our cost, and we will choose one by hand for you.",
}

PENDING: tuple[tuple[str, int, str, str], ...] = (  # author, rating, title, body: what a moderator must look at
    ("bestdeals4u", 5, "CHEAP WATCHES", "Best replica watches, best price, write to watches@deals.example today!!!"),
    (
        "crypto_anna",
        5,
        "I made £4,000 in a week",
        "I was sceptical too. Message me and I will show you my method. Great mug also.",
    ),
    ("seo-team", 5, "Nice product", "Nice product. Visit casino.example for bonus. Nice product."),
    ("xX_kevin_Xx", 1, "first", "first"),
    (
        "Margaret",
        2,
        "Please ring me",
        "The driver left it with number 14 who are away. I am at 12 Canal Street, the side door, 01632 960 114. Please ring before six.",
    ),
    ("Anon", 1, "Total rubbish", "Your courier is a ******* disgrace and so is the **** who packed this."),
    ("Tom W.", 5, "Great", "Great!"),
    ("Sian", 4, "Good but", "Good, but see my other review, I pressed the wrong number of stars."),
    ("J. Hale", 3, "Question", "Is this dishwasher safe? I couldn’t find it. Not really a review, sorry."),
    (
        "Priya",
        5,
        "My photo isn’t showing",
        "I attached a photo of it on our windowsill. It is very green in the mornings.",
    ),
    ("lottie", 5, "asdf", "asdfghjkl"),
    ("Owen", 1, "Wrong shop", "I ordered a strimmer and this is not a strimmer."),
    ("Fatima", 5, "Eid present", "Bought two for my parents. They have put them where guests can see them."),
    ("R. Patel", 4, "Solid", "Heavy, well made, a bit pricey. Would be five with free returns."),
    (
        "Gwen",
        2,
        "Smells",
        "There was a strong smell of varnish for a week. Gone now. Might be five stars in another week.",
    ),
    ("Beth", 5, "Yes", "Yes, yes, yes."),
    ("Ingrid", 3, "Zu klein", "Schön gemacht, aber kleiner als gedacht. Bitte Maße größer schreiben."),
    ("free-gift-cards", 5, "FREE GIFT CARD", "Claim your free gift card now at gifts.example/claim before midnight!"),
    ("Noor", 5, "For the teacher", "Thirty children signed the card. She cried. So thank you."),
    ("Callum R.", 1, "Where is my refund", "Order placed on the 3rd, returned on the 9th, it is now the 30th."),
    (
        "Peter H.",
        4,
        "Nearly",
        "The lid sticks. There is no lid in the description. I may have been sent somebody else’s.",
    ),
    ("Ellen M.", 5, "Repeat customer", "Fourth one. I keep giving mine away."),
    ("bot-7781", 5, "Good quality", "Good quality. Good quality. Good quality. Good quality."),
    ("Kwame", 2, "Handle", "Handle is too small for my hand, but I have been told I have large hands."),
    ("Alice N.", 5, "Lovely people", "I rang to change the address and spoke to someone who knew what a mug was."),
)
