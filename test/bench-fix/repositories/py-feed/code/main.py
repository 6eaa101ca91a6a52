import logging

from feed import import_feed

FEED = """Article,Title,Cost,Qty,Tags,Weight
A-100,Kettle,39.90,12,kitchen|sale,1.4
A-200,Wardrobe,499.00,1,,84
A-300,Lamp,24.50,0,preorder,0.8
"""


def main():
    logging.basicConfig(level=logging.WARNING)
    print(import_feed(FEED))


if __name__ == "__main__":
    main()
