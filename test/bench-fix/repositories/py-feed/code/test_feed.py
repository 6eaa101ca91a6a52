import unittest

from feed import import_feed


class FeedTest(unittest.TestCase):
    def test_columns_may_be_written_in_capitals(self):
        result = import_feed("Article,Title,Cost\nA-1,Lamp,2.50\n")
        self.assertEqual([row["sku"] for row in result["rows"]], ["A-1"])

    def test_lower_case_still_works(self):
        self.assertEqual(import_feed("sku,name,price\nA-1,Lamp,2.50\n")["rows"][0]["price"], 2.5)
