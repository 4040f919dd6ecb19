"""A made-up instance that walks a made-up year through the real corridor, and says what is made up.

Rules of the room:
- Requests go in as the CSV a requester would send, through the ordinary intake.
- Officers are simulated, seeded and labelled so; everything they touch is the product itself.
- The clock is simulated because time is an argument of every act; the served product knows its own clock only.
- Nothing here is imported by the product.
"""
