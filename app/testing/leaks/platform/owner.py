"""What the platform itself brings to the suite; the other files here add to it."""

from app.testing.leaks.filling import Filling

filling = Filling()
