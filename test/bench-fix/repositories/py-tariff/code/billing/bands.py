"""Hours of the day, as tariffs divide them."""
from enum import Enum


class Band(Enum):
    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"


def band_of(hour):
    if 6 <= hour < 18:
        return Band.DAY
    return Band.EVENING if 18 <= hour < 23 else Band.NIGHT


def spread(reading):
    """Kilowatt hours of a reading, by band."""
    used = {}
    for hour, kwh in enumerate(reading.hours):
        band = band_of(hour)
        used[band] = used.get(band, 0) + kwh
    return {band: kwh for band, kwh in used.items() if kwh > 0}
