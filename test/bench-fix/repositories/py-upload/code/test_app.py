import unittest

from app import preview


class PreviewTest(unittest.TestCase):
    def test_a_text_of_another_encoding_is_shown_as_well_as_can_be(self):
        self.assertTrue(preview("Küche".encode("cp1252"), "text/csv").startswith("K"))

    def test_utf_8_is_shown_as_it_is(self):
        self.assertEqual(preview("Küche".encode(), "text/csv; charset=utf-8"), "Küche")
