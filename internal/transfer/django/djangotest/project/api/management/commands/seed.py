"""Fills the database with a library, and with what happens to one over the years."""
from datetime import datetime, timedelta, timezone

from allauth.account.models import EmailAddress
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand
from rest_framework.authtoken.models import Token

from api.models import Album, Message, Playlist, Song, User

BEGIN = datetime(2024, 1, 15, 10, 0, 0, tzinfo=timezone.utc)

# What later Djangos, or modules that are not here, store of "pässword".
FOREIGN = {
    "scrypt": "scrypt$16384$seasalt$8$5$JrnGfOHK3EfWeheA8C7k/CpAk6yhZK4ECH/ggIdyXmukRFitDbng1XU9o2HBUjxl96dEdZBsEdy0hvs8cCyILw==",
    "bcrypt": "bcrypt$$2b$04$abcdefghijklmnopqrstuum174eFeoTj0DHmtuueFaS3Wde4P7wHG",
    "bcrypt_sha256": "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuu4EAkLIqFCSjdz5Hr2newQUVEvu5mihm",
}

ODD = 'tab\there, line\nthere, \\back\\slash\\., \\N "quotes" and it\'s; $$ -- no comment /* nor here */ 🎵 \u2028 end\r'


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("messages", type=int)

    def handle(self, *args, messages, **options):
        people = self.people()
        self.music()
        self.mail(people, messages)
        self.log(people)
        Playlist.objects.create(name="mine")
        Playlist.objects.create(name="yours")

    def people(self):
        groups = {name: Group.objects.create(name=name) for name in ("Editors", "viewer", "Friends")}

        def person(n, email, password, **fields):
            user = User(username=f"u{n}", email=email, password=password, **{"full_name": f"Person {n}", **fields})
            user.date_joined = BEGIN + timedelta(days=n, microseconds=n)
            user.save()
            return user

        people = [
            person(0, "alice@example.com", make_password("Str0ngPass!42"), full_name="Alice A", image_url="users/cover.png"),
            person(1, "ALICE@Example.com", make_password("Str0ngPass!42"), full_name="Alice in capitals"),
            person(2, "bob@EXAMPLE.com", make_password("Str0ngPass!42", hasher="pbkdf2_sha1"), last_login=BEGIN),
            person(3, "carol@example.com", make_password("Str0ngPass!42", hasher="argon2"), is_active=False),
            person(4, "owner@example.com", FOREIGN["scrypt"], full_name="Büşra 🎵"),
            person(5, "root@example.com", FOREIGN["bcrypt"], is_superuser=True, is_staff=True),
            person(6, "editor@example.com", FOREIGN["bcrypt_sha256"], is_staff=True),
            person(7, "viewer@example.com", make_password(None), is_staff=True, image_url=""),
            person(8, "staff@example.com", make_password("Str0ngPass!42"), is_staff=True, full_name=ODD[:60]),
        ]
        person(9, "gone@example.com", "").delete()  # so that a number is missing
        people.append(person(10, "late@example.com", make_password("Str0ngPass!42")))
        people[6].groups.add(groups["Editors"], groups["Friends"])
        people[7].groups.add(groups["viewer"])
        EmailAddress.objects.create(user=people[0], email="alice@example.com", verified=True, primary=True)
        EmailAddress.objects.create(user=people[2], email="bob@EXAMPLE.com", verified=False, primary=True)
        for n, user in enumerate(people[:3]):
            token = Token.objects.create(user=user, key=f"{n}" * 40)
            Token.objects.filter(pk=token.pk).update(created=BEGIN + timedelta(seconds=n))
        return people

    def music(self):
        albums = [
            Album.objects.create(title=title, artist=artist, image_url="albums/img.jpg", release_year=year)
            for title, artist, year in (("Backwards", "Us", 1999), (ODD, "Büşra", -1), ("Empty", "Nobody", 2030))
        ]
        for n, (album, duration) in enumerate(((0, 180), (None, 0), (1, -5), (0, 2147483647))):
            Song.objects.create(
                title=f"Song {n}" if n != 2 else ODD, artist="Us", image_url="songs/images/cover.png",
                audio_url="songs/track.mp3" if n != 3 else "songs/notes.mp3", duration=duration,
                album=None if album is None else albums[album],
            )
        for model in (Album, Song):
            for n, row in enumerate(model.objects.order_by("id")):
                at = BEGIN + timedelta(hours=n)  # no microseconds
                model.objects.filter(pk=row.pk).update(created_at=at, updated_at=at + timedelta(microseconds=n))

    def mail(self, people, messages):
        rows = []
        for n in range(messages):
            at = BEGIN + timedelta(seconds=n, microseconds=n)
            rows.append(Message(
                sender=people[n % 3], receiver=people[(n + 1) % 3],
                content=ODD if n == 1 else f"message {n}", created_at=at, updated_at=at,
            ))
        Message.objects.bulk_create(rows)
        for n, row in enumerate(Message.objects.order_by("id")[:20]):  # bulk_create sets its own times
            at = BEGIN + timedelta(seconds=n, microseconds=n)
            Message.objects.filter(pk=row.pk).update(created_at=at, updated_at=at)

    def log(self, people):
        song = Song.objects.order_by("id").first()
        kind = ContentType.objects.get_for_model(Song)
        for n, (flag, message) in enumerate((
            (ADDITION, '[{"added": {}}]'),
            (CHANGE, '[{"changed": {"fields": ["Title", "Release year"]}}]'),
            (DELETION, ""),
            (CHANGE, "Changed title."),
        )):
            entry = LogEntry.objects.create(
                user=people[5], content_type=kind, object_id=str(song.pk), object_repr=str(song.title),
                action_flag=flag, change_message=message,
            )
            LogEntry.objects.filter(pk=entry.pk).update(action_time=BEGIN + timedelta(minutes=n))
